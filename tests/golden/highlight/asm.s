; A sum
section .text
global _start
_start:
    mov eax, 4
    add eax, 0x10 ; more
    ret
