/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target over a saved corpus, without a fuzzer: every file of the folders named. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

enum { INPUT_MAX_BYTES = 1 << 20 };

static int replay_file(const char *path)
{
    static uint8_t buffer[INPUT_MAX_BYTES];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return -1;
    }
    size_t n_bytes = fread(buffer, 1, sizeof buffer, file);
    (void)fclose(file);
    /* An exact copy, so that the sanitizer sees a read one octet past the end. */
    uint8_t *exact = malloc(n_bytes ? n_bytes : 1);
    if (!exact)
        return -1;
    memcpy(exact, buffer, n_bytes);
    (void)LLVMFuzzerTestOneInput(exact, n_bytes);
    free(exact);
    return 0;
}

static int replay_folder(const char *folder, size_t *n_files)
{
    DIR *directory = opendir(folder);
    if (!directory) {
        perror(folder);
        return -1;
    }
    int result = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (replay_file(path) < 0)
            result = -1;
        ++*n_files;
    }
    (void)closedir(directory);
    return result;
}

int main(int argc, char **argv)
{
    size_t n_files = 0;
    for (int i = 1; i < argc; i++)
        if (replay_folder(argv[i], &n_files) < 0)
            return EXIT_FAILURE;
    if (n_files == 0) {
        (void)fprintf(stderr, "no input was replayed: is the corpus folder right?\n");
        return EXIT_FAILURE;
    }
    printf("%zu inputs replayed\n", n_files);
    return EXIT_SUCCESS;
}
