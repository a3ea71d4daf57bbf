/* replay.c: runs a target on the files named on the command line, without libFuzzer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int count, char **paths)
{
    enum { LONGEST = 0x10000 };
    int i;
    for (i = 1; i < count; i++) {
        FILE *const file = fopen(paths[i], "rb");
        uint8_t *data = malloc(LONGEST);
        size_t size;
        if (file == NULL || data == NULL)
            return 2;
        size = fread(data, 1, LONGEST, file);
        fclose(file);
        data = realloc(data, size ? size : 1);
        fprintf(stderr, "%s\n", paths[i]);
        LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    return 0;
}
