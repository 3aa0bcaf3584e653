/*
 * region.c: anonymous mappings, the large ones aligned to huge pages.
 */
#include "base/region.h"

#include "base/error.h"

#include <sys/mman.h>

/* A region that would fill less than a quarter of a huge page has small ones. */
enum { HUGE_PAGE = 2 << 20, HUGE_FROM = HUGE_PAGE / 4 };

static bool is_huge(size_t size)
{
    return size >= HUGE_FROM;
}

/* What is mapped for a region: nothing maps to a length of 0. */
static size_t room_for(size_t size)
{
    if (!is_huge(size))
        return size > 0 ? size : 1;
    return (size + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
}

/* Maps one huge page more than wanted and gives back what stands before and behind the aligned part. */
static void *map_aligned(size_t room)
{
    uint8_t *memory =
        mmap(NULL, room + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return MAP_FAILED;
    size_t before = (size_t)(-(uintptr_t)memory & (HUGE_PAGE - 1));
    if (before > 0)
        munmap(memory, before);
    munmap(memory + before + room, HUGE_PAGE - before);
    madvise(memory + before, room, MADV_HUGEPAGE); /* a wish */
    return memory + before;
}

enum silt_status silt_region_take(size_t size, struct silt_region *out, struct silt_error *error)
{
    if (size > SIZE_MAX / 2)
        return silt_error_memory(error);
    size_t room = room_for(size);
    void *memory = is_huge(size)
                       ? map_aligned(room)
                       : mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return silt_error_memory(error);
    *out = (struct silt_region){memory, size};
    return SILT_OK;
}

void silt_region_clear(struct silt_region *region)
{
    if (region->data != NULL)
        munmap(region->data, room_for(region->size));
    *region = (struct silt_region){0};
}
