/*
 * main.c: a program of the build: manual pages and completions, from the same commands and option rows that
 * parsing and help are made of. usage: manuals DIR, which has man1/ and completions/ in it.
 */
#include "manual.h"

#include <stdlib.h>

static const char *directory;

static void fail(const char *path)
{
    perror(path);
    exit(1);
}

/* Standard output goes to DIR/name from here on. */
static void begin(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (freopen(path, "w", stdout) == NULL)
        fail(path);
}

static void end(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        fail(directory);
}

static void write_page(const struct silt_command *command, const char *path)
{
    char name[128];
    if (!silt_manual_has_page(command, path))
        return;
    snprintf(name, sizeof name, "man1/%s.1", path);
    for (char *letter = name; *letter != '\0'; letter++)
        *letter = *letter == ' ' ? '-' : *letter;
    begin(name);
    silt_roff_print(command, path);
    end();
}

static void write_completion(const char *name, void (*print)(void))
{
    begin(name);
    print();
    end();
}

int main(int count, char **words)
{
    if (count != 2)
        return 2;
    directory = words[1];
    silt_manual_walk(write_page);
    write_completion("completions/silt.bash", silt_bash_print);
    write_completion("completions/_silt", silt_zsh_print);
    write_completion("completions/silt.fish", silt_fish_print);
    return 0;
}
