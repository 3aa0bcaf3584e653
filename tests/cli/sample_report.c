/*
 * sample_report.c: prints the sample in the format that the command line names.
 */
#include "render.h"

int main(int count, char **words)
{
    struct silt_page page;
    const struct silt_output *output = count == 2 ? silt_output_find(words[1]) : NULL;
    if (output == NULL)
        return 2;
    silt_page_init(&page, stdout, 100);
    return render_sample(output, &page) && fflush(stdout) == 0 ? 0 : 1;
}
