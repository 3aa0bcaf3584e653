/*
 * options.c: parse a command line by the rows of a table (options.h). The order is fallback, presets,
 * environment, command line; the last one wins, lists grow.
 */
#include "options.h"

#include "escape.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

/* One value on its way into its field, and where it came from for the message. */
struct assignment {
    const struct silt_option *row;
    const char *value;
    const char *shown_as; /* "--jobs", or "SILT_JOBS" */
    void *settings;
    FILE *errors;
};

static void *find_field(const struct assignment *it)
{
    return (char *)it->settings + it->row->offset;
}

/* Levenshtein's distance with two rows; names longer than the rows are far from everything. */
static size_t measure_distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    size_t rows[2][LONGEST + 1], size_a = strlen(a), size_b = strlen(b);
    if (size_a > LONGEST || size_b > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= size_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= size_a; i++) {
        size_t *now = rows[i % 2], *last = rows[(i - 1) % 2];
        now[0] = i;
        for (size_t j = 1; j <= size_b; j++) {
            size_t least = last[j - 1] + (a[i - 1] != b[j - 1]);
            least = last[j] + 1 < least ? last[j] + 1 : least;
            now[j] = now[j - 1] + 1 < least ? now[j - 1] + 1 : least;
        }
    }
    return rows[size_a % 2][size_b];
}

const char *silt_options_nearest(const char *word, const char *const *names)
{
    const char *best = NULL;
    size_t limit = strlen(word) / 3 + 1;
    for (; *names != NULL; names++) {
        size_t distance = measure_distance(word, *names);
        bool is_start = strlen(word) >= 3 && strncmp(word, *names, strlen(word)) == 0;
        if (distance > limit && !is_start)
            continue;
        best = *names;
        limit = distance > 0 ? distance - 1 : 0;
    }
    return best;
}

/* Reports what is wrong with a value; answers false. */
static bool refuse(const struct assignment *it, const char *wants)
{
    fprintf(it->errors, "silt: %s: ", it->shown_as);
    silt_escape_print_text(it->errors, it->value);
    fprintf(it->errors, " is not %s\n", wants);
    return false;
}

static bool refuse_choice(const struct assignment *it)
{
    refuse(it, "one of its values");
    fputs("  It is one of", it->errors);
    for (size_t i = 0; it->row->choices[i] != NULL; i++)
        fprintf(it->errors, "%s %s", i > 0 ? "," : "", it->row->choices[i]);
    const char *nearest = silt_options_nearest(it->value, it->row->choices);
    if (nearest != NULL)
        fprintf(it->errors, "; did you mean %s?\n", nearest);
    else
        fputs(".\n", it->errors);
    return false;
}

static bool set_choice(const struct assignment *it)
{
    for (int i = 0; it->row->choices[i] != NULL; i++) {
        if (strcmp(it->row->choices[i], it->value) == 0) {
            *(int *)find_field(it) = i;
            return true;
        }
    }
    return refuse_choice(it);
}

static bool set_number(const struct assignment *it)
{
    char *end;
    unsigned long number = strtoul(it->value, &end, 10);
    char wants[64];
    snprintf(wants, sizeof wants, "a whole number from %u to %u", it->row->least, it->row->most);
    bool is_number = it->value[0] >= '0' && it->value[0] <= '9' && *end == '\0';
    if (!is_number || number < it->row->least || number > it->row->most)
        return refuse(it, wants);
    *(unsigned *)find_field(it) = (unsigned)number;
    return true;
}

/* Where a list has choices, those behind `first` must be among them. */
static bool are_choices(const struct assignment *it, const struct silt_words *words, size_t first)
{
    for (size_t i = first; i < words->count && it->row->choices != NULL; i++) {
        struct assignment part = *it;
        size_t choice = 0;
        part.value = words->items[i];
        while (it->row->choices[choice] != NULL && strcmp(it->row->choices[choice], part.value) != 0)
            choice++;
        if (it->row->choices[choice] == NULL)
            return refuse_choice(&part);
    }
    return true;
}

static bool set_words(const struct assignment *it)
{
    struct silt_words *words = find_field(it);
    size_t before = words->count;
    bool is_put = it->row->kind == SILT_OPTION_PARTS ? silt_words_put_parts(words, it->value)
                                                     : silt_words_put(words, it->value, strlen(it->value));
    if (!is_put)
        fputs("silt: out of memory\n", it->errors);
    return is_put && are_choices(it, words, before);
}

/* A flag's value comes from the environment only: 1 or true, 0 or false, or nothing. */
static bool set_flag(const struct assignment *it)
{
    bool is_set = it->value == NULL || strcmp(it->value, "1") == 0 || strcmp(it->value, "true") == 0;
    bool is_clear =
        !is_set && (it->value[0] == '\0' || strcmp(it->value, "0") == 0 || strcmp(it->value, "false") == 0);
    *(bool *)find_field(it) = is_set != it->row->clears;
    return is_set || is_clear || refuse(it, "1 or 0");
}

static bool assign(const struct assignment *it)
{
    switch (it->row->kind) {
    case SILT_OPTION_FLAG:
        return set_flag(it);
    case SILT_OPTION_TEXT:
        *(const char **)find_field(it) = it->value;
        return true;
    case SILT_OPTION_CHOICE:
        return set_choice(it);
    case SILT_OPTION_NUMBER:
        return set_number(it);
    case SILT_OPTION_SIZE:
        return silt_units_parse_size(it->value, find_field(it)) || refuse(it, "a size such as 512M or 2GiB");
    case SILT_OPTION_DURATION:
        return silt_units_parse_duration(it->value, find_field(it)) ||
               refuse(it, "a duration such as 90s, 5m or 1h30m");
    case SILT_OPTION_WORDS:
    case SILT_OPTION_PARTS:
        return set_words(it);
    }
    return false;
}

static const struct silt_option *find_row(const struct silt_option *rows, const char *name, size_t size)
{
    for (; rows->name != NULL; rows++)
        if (strncmp(rows->name, name, size) == 0 && rows->name[size] == '\0')
            return rows;
    return NULL;
}

static bool assign_fallbacks(const struct silt_option *rows, void *settings, FILE *errors)
{
    for (const struct silt_option *row = rows; row->name != NULL; row++) {
        const struct assignment it = {row, row->fallback, row->name, settings, errors};
        if (it.value != NULL && !assign(&it))
            return false;
    }
    return true;
}

static bool assign_presets(const struct silt_option *rows, const struct silt_option_preset *presets,
                           void *settings, FILE *errors)
{
    for (; presets != NULL && presets->name != NULL; presets++) {
        const struct silt_option *row = find_row(rows, presets->name, strlen(presets->name));
        const struct assignment it = {row, presets->value, presets->shown_as, settings, errors};
        if (row != NULL && !assign(&it))
            return false;
    }
    return true;
}

/* A variable that may be repeated on the command line holds one value a line. */
static bool assign_lines(const struct assignment *all)
{
    struct assignment it = *all;
    char *lines = strdup(all->value), *rest = lines, *line;
    bool is_good = lines != NULL;
    while (is_good && (line = strsep(&rest, "\n")) != NULL) {
        it.value = line;
        is_good = line[0] == '\0' || assign(&it);
    }
    free(lines);
    return is_good;
}

/* A variable that is set but empty counts as not set. */
static bool assign_environment(const struct silt_option *rows, void *settings, FILE *errors)
{
    for (const struct silt_option *row = rows; row->name != NULL; row++) {
        const char *value = row->environment != NULL ? getenv(row->environment) : NULL;
        const struct assignment it = {row, value, row->environment, settings, errors};
        if (value == NULL || value[0] == '\0')
            continue;
        if (row->kind == SILT_OPTION_WORDS ? !assign_lines(&it) : !assign(&it))
            return false;
    }
    return true;
}

static bool refuse_name(const struct silt_option *rows, const char *word, FILE *errors)
{
    fputs("silt: there is no option ", errors);
    silt_escape_print_text(errors, word);
    struct silt_words names = {0};
    for (const struct silt_option *row = rows; row->name != NULL; row++)
        (void)silt_words_put(&names, row->name, strlen(row->name));
    (void)silt_words_put(&names, "help", 4);
    char typed[64];
    snprintf(typed, sizeof typed, "%.*s", (int)strcspn(word, "="), word);
    const char *nearest =
        names.count > 0 ? silt_options_nearest(typed + strspn(typed, "-"), (const char *const *)names.items)
                        : NULL;
    if (nearest != NULL)
        fprintf(errors, "; did you mean --%s?", nearest);
    fputc('\n', errors);
    silt_words_clear(&names);
    return false;
}

static const struct silt_option *find_letter(const struct silt_option *rows, char letter)
{
    for (; rows->name != NULL; rows++)
        if (letter != '\0' && rows->letter == letter)
            return rows;
    return NULL;
}

/* Parses the option at *words, of which `attached` is a value written into the same word, and moves over a
 * value in the next word. */
static bool parse_value(struct assignment *it, const char *attached, char *const **words)
{
    if (it->row->kind == SILT_OPTION_FLAG && attached != NULL) {
        fprintf(it->errors, "silt: %s takes no value\n", it->shown_as);
        return false;
    }
    it->value = attached;
    if (it->row->kind != SILT_OPTION_FLAG && attached == NULL) {
        it->value = *++*words;
        if (it->value == NULL) {
            fprintf(it->errors, "silt: %s needs a value: %s %s\n", it->shown_as, it->shown_as,
                    it->row->argument);
            --*words;
            return false;
        }
    }
    return assign(it);
}

static bool parse_long(const struct silt_option *rows, char *const **words, void *settings, FILE *errors)
{
    const char *name = **words + 2;
    size_t size = strcspn(name, "=");
    const struct silt_option *row = find_row(rows, name, size);
    if (row == NULL)
        return refuse_name(rows, **words, errors);
    char shown_as[64];
    snprintf(shown_as, sizeof shown_as, "--%s", row->name);
    struct assignment it = {row, NULL, shown_as, settings, errors};
    return parse_value(&it, name[size] == '=' ? name + size + 1 : NULL, words);
}

/* Short names may be joined, -qf json; the rest of the word is the value of one that takes one, -fjson. */
static bool parse_short(const struct silt_option *rows, char *const **words, void *settings, FILE *errors)
{
    for (const char *letter = **words + 1; *letter != '\0'; letter++) {
        const struct silt_option *row = find_letter(rows, *letter);
        if (row == NULL)
            return refuse_name(rows, **words, errors);
        char shown_as[] = {'-', *letter, '\0'};
        struct assignment it = {row, NULL, shown_as, settings, errors};
        bool takes_rest = row->kind != SILT_OPTION_FLAG && letter[1] != '\0';
        if (!parse_value(&it, takes_rest ? letter + 1 : NULL, words))
            return false;
        if (row->kind != SILT_OPTION_FLAG)
            break;
    }
    return true;
}

bool silt_options_parse(const struct silt_option *rows, char *const *words, void *settings,
                        struct silt_words *operands, FILE *errors)
{
    return silt_options_parse_over(rows, NULL, words, settings, operands, errors);
}

bool silt_options_parse_over(const struct silt_option *rows, const struct silt_option_preset *presets,
                             char *const *words, void *settings, struct silt_words *operands, FILE *errors)
{
    if (!assign_fallbacks(rows, settings, errors) || !assign_presets(rows, presets, settings, errors) ||
        !assign_environment(rows, settings, errors))
        return false;
    bool has_ended = false;
    for (; *words != NULL; words++) {
        const char *word = *words;
        bool is_good;
        if (has_ended || word[0] != '-' || word[1] == '\0')
            is_good = silt_words_put(operands, word, strlen(word));
        else if (strcmp(word, "--") == 0)
            is_good = has_ended = true;
        else if (word[1] == '-')
            is_good = parse_long(rows, &words, settings, errors);
        else
            is_good = parse_short(rows, &words, settings, errors);
        if (!is_good)
            return false;
    }
    return true;
}

bool silt_options_ask_help(char *const *words)
{
    for (; *words != NULL && strcmp(*words, "--") != 0; words++)
        if (strcmp(*words, "--help") == 0 || strcmp(*words, "-h") == 0)
            return true;
    return false;
}

void silt_options_clear(const struct silt_option *rows, void *settings)
{
    for (; rows->name != NULL; rows++)
        if (rows->kind == SILT_OPTION_WORDS || rows->kind == SILT_OPTION_PARTS)
            silt_words_clear((struct silt_words *)((char *)settings + rows->offset));
}
