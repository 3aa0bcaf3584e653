/*
 * options.h: options of a command as rows of a table. Parsing and help come from the rows; so will the man
 * page and the shells' completions.
 */
#ifndef SILT_CLI_OPTIONS_H
#define SILT_CLI_OPTIONS_H

#include "words.h"

#include <stdint.h>
#include <stdio.h>

/* What a value is, and the type of the field that takes it. */
enum silt_option_kind {
    SILT_OPTION_FLAG,     /* bool; takes no value */
    SILT_OPTION_TEXT,     /* const char *, borrowed from the command line or the environment */
    SILT_OPTION_CHOICE,   /* int: index into choices */
    SILT_OPTION_NUMBER,   /* unsigned, from least to most */
    SILT_OPTION_SIZE,     /* uint64_t, bytes */
    SILT_OPTION_DURATION, /* uint64_t, milliseconds */
    SILT_OPTION_WORDS,    /* struct silt_words: one a use */
    SILT_OPTION_PARTS,    /* struct silt_words: parted at commas */
};

/* One row. A table ends with a row without a name. */
struct silt_option {
    const char *name;     /* long name without its dashes */
    char letter;          /* short name, or 0 */
    const char *argument; /* what help calls the value; NULL for a flag */
    const char *help;
    const char *fallback;    /* value without the option, as text; NULL: the field stays zero */
    const char *group;       /* heading in help */
    const char *environment; /* variable that stands for the option; NULL: it is the command line's only */
    enum silt_option_kind kind;
    size_t offset;              /* of the field in the command's settings */
    bool is_file;               /* the value names a file or directory */
    char file_behind;           /* it does so behind this character, as in FORMAT=FILE */
    bool is_target;             /* the value is a target: a path, or a reference */
    bool clears;                /* a FLAG that turns its field off, against what a configuration says */
    const char *const *choices; /* NULL-terminated; for CHOICE, or the words of a list */
    const char *const *notes;   /* what help says of each choice; NULL: nothing */
    unsigned least, most;       /* for NUMBER */
};

/* A value that stands before the environment's and the command line's, such as one of a configuration file.
 */
struct silt_option_preset {
    const char *name, *value;
    const char *shown_as; /* in messages */
};

/* Fills settings (zeroed by the caller) from the rows' fallbacks, then the environment, then `words` (NULL-
 * terminated: the command line behind the command), and collects what is no option in operands. `--` ends the
 * options; `-` is an operand. Settings and operands borrow from words and the environment. On wrong usage a
 * message goes to `errors` and the answer is false. */
bool silt_options_parse(const struct silt_option *rows, char *const *words, void *settings,
                        struct silt_words *operands, FILE *errors);

/* The same with presets (ending with one without a name, or NULL) that win over the fallbacks. */
bool silt_options_parse_over(const struct silt_option *rows, const struct silt_option_preset *presets,
                             char *const *words, void *settings, struct silt_words *operands, FILE *errors);

/* Whether --help or -h stands among the words, before a `--`. */
bool silt_options_ask_help(char *const *words);

/* Frees the lists that parsing put into settings. */
void silt_options_clear(const struct silt_option *rows, void *settings);

/* The name that a mistyped one probably means, or NULL; names are NULL-terminated. */
const char *silt_options_nearest(const char *word, const char *const *names);

#endif
