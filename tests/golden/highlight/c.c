/* A ring of
   bytes. */
#include <stdio.h>
#define LIMIT 16 // at most

static unsigned int count = 0x1Fu;

int main(void) {
    const char *name = "a \"b\"\n";
    char quote = '\'';
    for (int i = 0; i < 10; ++i) {
        if (quote == 'x') return 1;
        printf(name, i, 2.5e-3f);
    }
    return 0;
}
