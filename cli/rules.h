/*
 * rules.h: the signatures that a command works with, and their ruleset.
 */
#ifndef SILT_CLI_RULES_H
#define SILT_CLI_RULES_H

#include "words.h"

#include <silt/scanner.h>

/* What the options say; all borrowed. */
struct silt_rules_choice {
    const struct silt_words *files; /* --signatures, added to those that came with silt; NULL: none */
    const struct silt_words *only, *disable; /* NULL: none */
    const char *cache_dir;                   /* --cache-dir; NULL: the usual one */
    bool no_cache;
};

/* Zero-initialise. */
struct silt_rules {
    struct silt_signatures *set;
    struct silt_ruleset *ruleset;
};

/* Loads the signatures: those that came with silt unless `only_files`, then the files. A failure is told on
 * standard error; the answer is false. */
bool silt_rules_load(struct silt_rules *rules, const struct silt_rules_choice *choice, bool only_files);

/* Compiles them, or finds them compiled. */
bool silt_rules_compile(struct silt_rules *rules, const struct silt_rules_choice *choice);

/* Frees what was loaded; the rules may be loaded again. */
void silt_rules_clear(struct silt_rules *rules);

#endif
