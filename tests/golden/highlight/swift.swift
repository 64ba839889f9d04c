import Foundation

/* one /* two */ */
struct Point {
    var x: Double = 1.5
    let name = "p"
    func move(by step: Int) -> Point? {
        // no way
        guard step > 0 else { return nil }
        return self
    }
}
