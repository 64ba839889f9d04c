# Rules
CC = gcc
all: main.o
	$(CC) -o main main.o
clean:
	rm -f main
