/*
 * program.c: PCRE2 with JIT, match limits and offset limits (pcre2api(3), pcre2jit(3)).
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "confirm/program.h"

#include "base/error.h"

#include <pcre2.h>
#include <stdlib.h>

/* The interpreter serves where a kernel forbids executable memory; it counts every step, the JIT only entries
 * into groups and repeats, so that the same number is stricter there. Measured: see README.md. */
enum {
    MATCH_LIMIT = 200000,
    DEPTH_LIMIT = 20000,
    HEAP_LIMIT_KIB = 4096,
    JIT_STACK_MIN = 32 * 1024,
    JIT_STACK_MAX = 512 * 1024,
    GROUPS_MAX = 64,
};

struct silt_program {
    pcre2_code *pattern;
    bool is_compiled;      /* to machine code */
    uint32_t secret_group; /* 0: the whole match */
    uint32_t weak_group;   /* 0: none */
    pcre2_code **allow;
    size_t allow_count;
};

struct silt_runner {
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    pcre2_match_data *data;
};

static enum silt_status report(const struct silt_signature *signature, const char *pattern, int code,
                               size_t offset, struct silt_error *error)
{
    PCRE2_UCHAR text[160] = "";
    if (code == PCRE2_ERROR_HEAP_FAILED || code == PCRE2_ERROR_NOMEMORY)
        return silt_error_memory(error);
    pcre2_get_error_message(code, text, sizeof text);
    return silt_error_set(error, SILT_ERR_USAGE, "%s: %s: %s at position %zu of %.120s", signature->file,
                          signature->id, (const char *)text, offset, pattern);
}

/* PCRE2 looks up to 5,000 bytes ahead for the last byte that a match cannot do without before it tries one;
 * for candidates, which have few places to begin at, that took most of the time. */
static enum silt_status compile(const struct silt_signature *signature, const char *pattern, pcre2_code **out,
                                struct silt_error *error)
{
    bool is_searched = signature->path[0] != '\0'; /* in all of a file, without candidates */
    const uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT |
                             (is_searched ? 0 : PCRE2_NO_START_OPTIMIZE);
    int code;
    PCRE2_SIZE offset = 0;
    pcre2_code *program =
        pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &offset, NULL);
    if (program == NULL)
        return report(signature, pattern, code, offset, error);
    code = pcre2_jit_compile(program, PCRE2_JIT_COMPLETE);
    if (code == PCRE2_ERROR_NOMEMORY || code == 0 || code == PCRE2_ERROR_JIT_BADOPTION) {
        *out = program; /* without JIT memory the interpreter runs it */
        return SILT_OK;
    }
    pcre2_code_free(program);
    return report(signature, pattern, code, 0, error);
}

static bool has_machine_code(const pcre2_code *pattern)
{
    size_t size = 0;
    return pcre2_pattern_info(pattern, PCRE2_INFO_JITSIZE, &size) == 0 && size > 0;
}

/* The number of the group with that name, 0 if there is none. */
static uint32_t find_group(const pcre2_code *pattern, const char *name)
{
    int number = pcre2_substring_number_from_name(pattern, (PCRE2_SPTR)name);
    return number > 0 ? (uint32_t)number : 0;
}

static uint32_t find_secret_group(const pcre2_code *pattern)
{
    uint32_t named = find_group(pattern, "secret"), count = 0;
    pcre2_pattern_info(pattern, PCRE2_INFO_CAPTURECOUNT, &count);
    if (named > 0)
        return named;
    return count > 0 ? 1 : 0;
}

static enum silt_status find_groups(const struct silt_signature *signature, struct silt_program *program,
                                    struct silt_error *error)
{
    program->secret_group = find_secret_group(program->pattern);
    program->weak_group = find_group(program->pattern, "weak");
    if (program->secret_group < GROUPS_MAX && program->weak_group < GROUPS_MAX)
        return SILT_OK;
    return silt_error_set(error, SILT_ERR_USAGE,
                          "%s: %s: the groups \"secret\" and \"weak\" must be among the first %d",
                          signature->file, signature->id, GROUPS_MAX - 1);
}

static enum silt_status compile_allow(const struct silt_signature *signature, struct silt_program *program,
                                      struct silt_error *error)
{
    size_t count = 0;
    while (signature->allow != NULL && signature->allow[count] != NULL)
        count++;
    if (count == 0)
        return SILT_OK;
    program->allow = calloc(count, sizeof *program->allow);
    if (program->allow == NULL)
        return silt_error_memory(error);
    for (; program->allow_count < count; program->allow_count++) {
        enum silt_status status = compile(signature, signature->allow[program->allow_count],
                                          &program->allow[program->allow_count], error);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}

enum silt_status silt_program_new(const struct silt_signature *signature, struct silt_program **out,
                                  struct silt_error *error)
{
    struct silt_program *program = calloc(1, sizeof *program);
    if (program == NULL)
        return silt_error_memory(error);
    enum silt_status status = compile(signature, signature->pattern, &program->pattern, error);
    if (status == SILT_OK) {
        program->is_compiled = has_machine_code(program->pattern);
        status = find_groups(signature, program, error);
    }
    if (status == SILT_OK)
        status = compile_allow(signature, program, error);
    if (status != SILT_OK) {
        silt_program_free(program);
        return status;
    }
    *out = program;
    return SILT_OK;
}

void silt_program_free(struct silt_program *program)
{
    if (program == NULL)
        return;
    pcre2_code_free(program->pattern);
    for (size_t i = 0; i < program->allow_count; i++)
        pcre2_code_free(program->allow[i]);
    free(program->allow);
    free(program);
}

enum silt_status silt_program_runner_new(struct silt_runner **out, struct silt_error *error)
{
    struct silt_runner *runner = calloc(1, sizeof *runner);
    if (runner == NULL)
        return silt_error_memory(error);
    runner->context = pcre2_match_context_create(NULL);
    runner->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
    runner->data = pcre2_match_data_create(GROUPS_MAX, NULL);
    if (runner->context == NULL || runner->stack == NULL || runner->data == NULL) {
        silt_program_runner_free(runner);
        return silt_error_memory(error);
    }
    pcre2_set_match_limit(runner->context, MATCH_LIMIT);
    pcre2_set_depth_limit(runner->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(runner->context, HEAP_LIMIT_KIB);
    pcre2_jit_stack_assign(runner->context, NULL, runner->stack);
    *out = runner;
    return SILT_OK;
}

void silt_program_runner_free(struct silt_runner *runner)
{
    if (runner == NULL)
        return;
    pcre2_match_data_free(runner->data);
    pcre2_jit_stack_free(runner->stack);
    pcre2_match_context_free(runner->context);
    free(runner);
}

static enum silt_status status_of(int code, struct silt_error *error)
{
    switch (code) {
    case PCRE2_ERROR_NOMATCH:
        return SILT_END;
    case PCRE2_ERROR_NOMEMORY:
        return silt_error_memory(error);
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_JIT_STACKLIMIT:
        return silt_error_set(error, SILT_ERR_LIMIT, "the pattern takes too many steps on this text");
    default:
        return silt_error_set(error, SILT_ERR_LIMIT, "PCRE2 gives up on this text (%d)", code);
    }
}

/* Whether a group took part; a count of 0 says that there are more pairs than room for them. */
static bool has_group(const PCRE2_SIZE *pairs, int count, uint32_t group)
{
    return (count == 0 || (int)group < count) && pairs[2 * group] != PCRE2_UNSET;
}

enum silt_status silt_program_find(const struct silt_program *program, struct silt_runner *runner,
                                   const struct silt_program_text *text, struct silt_program_hit *out,
                                   struct silt_error *error)
{
    if (text->start >= text->end || text->end > text->bytes.size)
        return SILT_END;
    uint32_t options = (text->is_first ? 0 : PCRE2_NOTBOL) | (text->is_last ? 0 : PCRE2_NOTEOL);
    pcre2_set_offset_limit(runner->context, text->end - 1);
    int count = (program->is_compiled ? pcre2_jit_match : pcre2_match)(program->pattern, text->bytes.data,
                                                                       text->bytes.size, text->start, options,
                                                                       runner->data, runner->context);
    if (count < 0)
        return status_of(count, error);
    const PCRE2_SIZE *pairs = pcre2_get_ovector_pointer(runner->data);
    uint32_t group = program->secret_group, weak = program->weak_group;
    *out = (struct silt_program_hit){.match_start = pairs[0],
                                     .match_end = pairs[1],
                                     .secret_start = pairs[0],
                                     .secret_end = pairs[1],
                                     .is_weak = weak > 0 && has_group(pairs, count, weak)};
    if (has_group(pairs, count, group)) {
        out->secret_start = pairs[2 * group];
        out->secret_end = pairs[2 * group + 1];
    }
    /* \K can put the start behind the end, or before where the search began. */
    return out->match_start <= out->match_end ? SILT_OK : SILT_END;
}

bool silt_program_allows(const struct silt_program *program, struct silt_runner *runner,
                         struct silt_span secret)
{
    if (program->allow_count > 0)
        pcre2_set_offset_limit(runner->context, PCRE2_UNSET);
    for (size_t i = 0; i < program->allow_count; i++)
        if (pcre2_match(program->allow[i], secret.data, secret.size, 0, 0, runner->data, runner->context) >=
            0)
            return true;
    return false;
}

void silt_program_version(char out[SILT_PROGRAM_VERSION_SIZE])
{
    out[0] = '\0';
    if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= SILT_PROGRAM_VERSION_SIZE)
        pcre2_config(PCRE2_CONFIG_VERSION, out);
}
