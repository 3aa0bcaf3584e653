/*
 * What a config says: every text of it, each with the instruction it comes from.
 */
#include "engine/image/layout.h"

TestSuite(config, .init = fixture_begin, .fini = fixture_end);

static struct silt_catalog read_config(const char *config)
{
    struct silt_catalog catalog;
    struct silt_error error = {0};
    put_index(put_image(config, ""));
    cr_assert_eq(read_layout(NULL, &catalog, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(catalog.manifests.count, 1);
    return catalog;
}

#define ROOTFS "\"rootfs\":{\"diff_ids\":[\"sha256:aa\"]}"

Test(config, env_labels_and_commands)
{
    struct silt_catalog catalog = read_config(
        "{" ROOTFS ",\"author\":\"me <me@x>\",\"config\":{\"Env\":[\"PATH=/bin\",\"DB_PASS=a=b\",\"BARE\"],"
        "\"Labels\":{\"org.x\":\"token\"},\"Cmd\":[\"run\",\"--password\",\"p\"],\"Entrypoint\":[\"/e\"],"
        "\"Healthcheck\":{\"Test\":[\"CMD\",\"curl\",\"u:p@h\"]},\"OnBuild\":[\"RUN "
        "x\"],\"Shell\":[\"/bin/bash\"],"
        "\"User\":\"root\",\"Volumes\":{\"/a/long/volume/"
        "name\":{}},\"Unknown\":{\"deep\":[{\"key\":\"value\"}]}},"
        "\"history\":[{\"created_by\":\"/bin/sh -c #(nop) ADD file:1 in / \"},"
        "{\"created_by\":\"/bin/sh -c #(nop)  ENV DB_PASS=a=b\",\"empty_layer\":true},"
        "{\"created_by\":\"LABEL org.x=token\",\"comment\":\"buildkit\",\"empty_layer\":true},"
        "{\"created_by\":\"CMD [\\\"run\\\"]\",\"empty_layer\":true}]}");
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    expect_no_problem(&catalog);
    expect_document(image, "config:Env/DB_PASS", SILT_ORIGIN_ENV, "DB_PASS=a=b", 1);
    expect_document(image, "config:Env/PATH", SILT_ORIGIN_ENV, "PATH=/bin", -1);
    expect_document(image, "config:Env/BARE", SILT_ORIGIN_ENV, "BARE", -1);
    expect_document(image, "config:Labels/org.x", SILT_ORIGIN_LABEL, "org.x=token", 2);
    expect_document(image, "config:Cmd", SILT_ORIGIN_HISTORY, "run --password p", 3);
    expect_document(image, "config:Entrypoint", SILT_ORIGIN_HISTORY, "/e", -1);
    expect_document(image, "config:Healthcheck/Test", SILT_ORIGIN_HISTORY, "CMD curl u:p@h", -1);
    expect_document(image, "config:OnBuild/0", SILT_ORIGIN_HISTORY, "RUN x", -1);
    expect_document(image, "config:Shell", SILT_ORIGIN_HISTORY, "/bin/bash", -1);
    expect_document(image, "config:User", SILT_ORIGIN_HISTORY, "User=root", -1);
    expect_document(image, "config:Volumes//a/long/volume/name", SILT_ORIGIN_HISTORY, "/a/long/volume/name",
                    -1);
    expect_document(image, "config:Unknown/deep/0/key", SILT_ORIGIN_HISTORY, "key=value", -1);
    expect_document(image, "config:author", SILT_ORIGIN_ANNOTATION, "author=me <me@x>", -1);
    expect_document(image, "history:0", SILT_ORIGIN_HISTORY, "/bin/sh -c #(nop) ADD file:1 in / ", 0);
    expect_document(image, "history:2/comment", SILT_ORIGIN_HISTORY, "buildkit", 2);
    silt_catalog_clear(&catalog);
}

Test(config, history_goes_past_empty_layers)
{
    struct silt_catalog catalog = read_config(
        "{" ROOTFS ",\"history\":[{\"created_by\":\"a\",\"empty_layer\":true},{\"created_by\":\"b\"},"
        "{\"created_by\":\"c\",\"empty_layer\":true}]}");
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    cr_assert_eq(image->history_count, 3);
    cr_expect_eq(image->blobs[0].history, 1);
    cr_expect_eq(image->history[0].layer, -1);
    cr_expect_eq(image->history[1].layer, 0);
    cr_expect_eq(image->history[2].layer, 0);
    cr_expect(image->history[2].is_empty);
    silt_catalog_clear(&catalog);
}

Test(config, history_of_another_length_is_not_guessed)
{
    struct silt_catalog catalog =
        read_config("{" ROOTFS ",\"history\":[{\"created_by\":\"a\"},{\"created_by\":\"b\"}]}");
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    cr_expect_eq(image->blobs[0].history, -1);
    cr_expect_eq(image->history[1].layer, -1);
    silt_catalog_clear(&catalog);
}

Test(config, build_arguments_are_put_once)
{
    struct silt_catalog catalog = read_config(
        "{" ROOTFS ",\"config\":{\"Env\":[\"A=secret one\"]},\"history\":["
        "{\"created_by\":\"|1 A=secret one /bin/sh -c first\"},"
        "{\"created_by\":\"|1 A=secret one /bin/sh -c second\",\"empty_layer\":true},"
        "{\"created_by\":\"|2 A=secret one B=two /bin/sh -c third\",\"empty_layer\":true},"
        "{\"created_by\":\"RUN |2 A=secret one B=two /bin/bash -c fourth # buildkit\",\"empty_layer\":true},"
        "{\"created_by\":\"|x "
        "strange\",\"empty_layer\":true},{\"created_by\":\"|9\",\"empty_layer\":true}]}");
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    expect_document(image, "config:Env/A", SILT_ORIGIN_ENV, "A=secret one", -1);
    expect_document(image, "history:0", SILT_ORIGIN_HISTORY, "|1 A=secret one /bin/sh -c first", 0);
    expect_document(image, "history:1", SILT_ORIGIN_HISTORY, "/bin/sh -c second", 1);
    expect_document(image, "history:2", SILT_ORIGIN_HISTORY, "B=two /bin/sh -c third", 2);
    expect_document(image, "history:3", SILT_ORIGIN_HISTORY, "/bin/bash -c fourth # buildkit", 3);
    expect_document(image, "history:4", SILT_ORIGIN_HISTORY, "|x strange", 4);
    expect_document(image, "history:5", SILT_ORIGIN_HISTORY, "|9", 5);
    silt_catalog_clear(&catalog);
}

Test(config, container_config_does_not_repeat)
{
    struct silt_catalog catalog = read_config(
        "{" ROOTFS ",\"config\":{\"Env\":[\"A=1\"]},\"container_config\":{\"Env\":[\"A=1\",\"B=2\"],"
        "\"Cmd\":[\"/bin/sh\",\"-c\",\"echo token\"]}}");
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    cr_expect_null(find_document(image, "config:container_config/Env/A"));
    expect_document(image, "config:container_config/Env/B", SILT_ORIGIN_ENV, "B=2", -1);
    expect_document(image, "config:container_config/Cmd", SILT_ORIGIN_HISTORY, "/bin/sh -c echo token", -1);
    silt_catalog_clear(&catalog);
}

Test(config, keys_in_other_letters_are_read_as_go_reads_them)
{
    struct silt_catalog catalog = read_config(
        "{\"ROOTFS\":{\"Diff_IDs\":[\"sha256:aa\"]},\"Config\":{\"ENV\":[\"A=1\"]},\"OS\":\"linux\","
        "\"Architecture\":\"x86_64\"}");
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    expect_no_problem(&catalog);
    cr_expect_str_eq(image->platform, "linux/amd64");
    cr_expect_str_eq(image->blobs[0].diff_id, "sha256:aa");
    expect_document(image, "config:Env/A", SILT_ORIGIN_ENV, "A=1", -1);
    silt_catalog_clear(&catalog);
}

/* Every Env asks which instruction set it: that must not cost their number times the history's length. */
Test(config, much_env_and_much_history, .timeout = 30)
{
    enum { COUNT = 20000 };
    struct silt_buffer text = {0};
    cr_assert_eq(silt_buffer_append(&text, silt_span_text("{" ROOTFS ",\"config\":{\"Env\":[\"A0=x\""), NULL),
                 SILT_OK);
    for (int i = 1; i < COUNT; i++)
        cr_assert_eq(silt_buffer_append(&text, silt_span_text(text_of(",\"A%d=x\"", i)), NULL), SILT_OK);
    cr_assert_eq(silt_buffer_append(&text, silt_span_text("]},\"history\":[{}"), NULL), SILT_OK);
    for (int i = 1; i < COUNT; i++)
        cr_assert_eq(silt_buffer_append(
                         &text, silt_span_text(",{\"created_by\":\"ENV B=a long text A A A A\"}"), NULL),
                     SILT_OK);
    cr_assert_eq(silt_buffer_append(&text, silt_span_of("]}", 3), NULL), SILT_OK);
    struct silt_catalog catalog = read_config((const char *)text.data);
    cr_expect_geq(manifest_at(&catalog, 0)->document_count, COUNT);
    silt_catalog_clear(&catalog);
    silt_buffer_clear(&text);
}

Test(config, members_of_wrong_types_do_no_harm)
{
    struct silt_catalog catalog =
        read_config("{\"rootfs\":[],\"history\":{\"a\":\"text "
                    "one\"},\"os\":7,\"created\":{},\"config\":{\"Env\":{\"K\":\"v\"},"
                    "\"Labels\":[\"L=1\"],\"Cmd\":\"one line\",\"OnBuild\":7,\"Healthcheck\":[]}}");
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    expect_document(image, "config:Env/K", SILT_ORIGIN_HISTORY, "K=v", -1);
    expect_document(image, "config:Labels", SILT_ORIGIN_HISTORY, "Labels=L=1", -1);
    expect_document(image, "config:Cmd", SILT_ORIGIN_HISTORY, "Cmd=one line", -1);
    cr_expect(has_problem(&catalog, SILT_ERR_CORRUPT, "lists 0 layers"));
    silt_catalog_clear(&catalog);
}
