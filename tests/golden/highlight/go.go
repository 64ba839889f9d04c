package main

import "fmt"

// Point is a place.
type Point struct {
	X, Y int
}

func (p *Point) Move(dx int) error {
	p.X += dx * 0x10
	raw := `a "b"
c`
	for i := range raw {
		fmt.Println("at", i, 'x')
	}
	return nil
}
