/*
 * draft.c: text that is printed into memory and handed over as JSON.
 */
#include "draft.h"

#include "document.h"

#include <stdlib.h>

bool silt_draft_begin(struct silt_draft *draft)
{
    draft->text = NULL;
    draft->file = open_memstream(&draft->text, &draft->size);
    return draft->file != NULL;
}

json_t *silt_draft_end(struct silt_draft *draft)
{
    bool is_whole = fclose(draft->file) == 0;
    struct silt_span text = {(const uint8_t *)draft->text, draft->size};
    json_t *value = is_whole ? silt_document_text(text) : NULL;
    free(draft->text);
    return value;
}
