/*
 * names.c: the words of the public enumerations (silt/finding.h, silt/sink.h).
 */
#include <silt/sink.h>

/* The name at an index, or "unknown". */
static const char *name_at(const char *const *names, size_t count, size_t index)
{
    return index < count ? names[index] : "unknown";
}

#define NAME_OF(names, index) name_at(names, sizeof(names) / sizeof((names)[0]), (size_t)(index))

const char *silt_severity_name(enum silt_severity severity)
{
    static const char *const names[] = {"info", "low", "medium", "high", "critical"};
    return NAME_OF(names, severity);
}

const char *silt_confidence_name(enum silt_confidence confidence)
{
    static const char *const names[] = {"low", "medium", "high"};
    return NAME_OF(names, confidence);
}

const char *silt_origin_name(enum silt_origin origin)
{
    static const char *const names[] = {"file", "env", "label", "history", "annotation", "path"};
    return NAME_OF(names, origin);
}

const char *silt_state_name(enum silt_state state)
{
    static const char *const names[] = {"present", "deleted", "overwritten"};
    return NAME_OF(names, state);
}

const char *silt_package_manager_name(enum silt_package_manager manager)
{
    static const char *const names[] = {"dpkg", "apk", "rpm", "pypi", "npm"};
    return NAME_OF(names, manager);
}

const char *silt_target_kind_name(enum silt_target_kind kind)
{
    static const char *const names[] = {"image", "directory", "file", "stream"};
    return NAME_OF(names, kind);
}

const char *silt_skip_reason_name(enum silt_skip_reason reason)
{
    static const char *const names[] = {
        "damaged",        "encrypted", "unsupported", "foreign",      "missing", "max-depth",
        "max-entry-size", "max-ratio", "total-limit", "memory",       "timeout", "unreadable",
        "hidden",         "special",   "link",        "unreferenced",
    };
    return NAME_OF(names, reason);
}

bool silt_skip_is_content(enum silt_skip_reason reason)
{
    return reason != SILT_SKIP_SPECIAL && reason != SILT_SKIP_LINK && reason != SILT_SKIP_UNREFERENCED;
}
