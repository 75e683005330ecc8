/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a model file (linear_model.h):
 *
 *     thenar-model 1
 *     name ..., hands ..., recipe ...          a line each
 *     features VERSION N
 *     outputs K
 *     temperature T
 *     centre N numbers
 *     scale N numbers
 *     output LABEL BIAS N numbers              K lines
 *     crc32 8 hex digits of all that is above
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "technique/linear_model.h"

enum { MODEL_FORMAT = 1 };

static unsigned checksum(const char *text, size_t n_bytes)
{
    return (unsigned)crc32(0, (const Bytef *)text, (uInt)n_bytes);
}

/* What is being read: one line, and the words left in it. */
struct reader {
    const char *name, *at, *end;
    unsigned line;
    struct thenar_error *error;
};

/* The next word of the line; false at its end. Words are divided by one blank. */
static bool next_word(struct reader *r, char *out, size_t n_out)
{
    size_t n = 0;
    while (r->at < r->end && *r->at == ' ')
        r->at++;
    for (; r->at < r->end && *r->at != ' ' && *r->at != '\n'; r->at++) {
        if (n + 1 >= n_out || *r->at < ' ')
            return false;
        out[n++] = *r->at;
    }
    out[n] = '\0';
    return n > 0;
}

static bool end_line(struct reader *r)
{
    if (r->at >= r->end || *r->at != '\n')
        return false;
    r->at++;
    r->line++;
    return true;
}

static bool expect(struct reader *r, const char *word)
{
    char found[32];
    return next_word(r, found, sizeof found) && strcmp(found, word) == 0;
}

static bool next_count(struct reader *r, unsigned long *value)
{
    char word[16], *end;
    if (!next_word(r, word, sizeof word) || word[0] < '0' || word[0] > '9')
        return false;
    *value = strtoul(word, &end, 10);
    return *end == '\0';
}

static bool next_number(struct reader *r, float *value)
{
    char word[32], *end;
    if (!next_word(r, word, sizeof word))
        return false;
    *value = strtof(word, &end);
    return *end == '\0' && isfinite(*value);
}

static bool read_numbers(struct reader *r, float *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (!next_number(r, &out[i]))
            return false;
    return end_line(r);
}

/* The rest of the line after its first word. */
static bool read_text(struct reader *r, const char *word, char *out)
{
    if (!expect(r, word) || r->at >= r->end || *r->at != ' ')
        return false;
    r->at++;
    const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
    size_t n = stop ? (size_t)(stop - r->at) : 0;
    if (n == 0 || n >= MODEL_TEXT_BYTES)
        return false;
    for (size_t i = 0; i < n; i++)
        if (r->at[i] < ' ')
            return false;
    memcpy(out, r->at, n);
    out[n] = '\0';
    r->at = stop;
    return end_line(r);
}

static enum thenar_status fail_line(const struct reader *r, const char *what)
{
    return thenar_fail(r->error, THENAR_ERR_SYNTAX, "%.200s:%u: %s", r->name, r->line, what);
}

/* The last line holds the checksum of all before it. */
static enum thenar_status check_sum(struct reader *r)
{
    static const char word[] = "crc32 ";
    enum { SUM_BYTES = sizeof word - 1 + 8 + 1 };
    const char *sum = r->end - SUM_BYTES;
    if (r->end - r->at < SUM_BYTES || memcmp(sum, word, sizeof word - 1) != 0 || sum[-1] != '\n')
        return thenar_fail(r->error, THENAR_ERR_CRC,
                           "%.200s: does not end with its checksum: cut short, or no model file",
                           r->name);
    char found[10], wanted[10];
    (void)snprintf(wanted, sizeof wanted, "%08x", (unsigned)checksum(r->at, (size_t)(sum - r->at)));
    (void)snprintf(found, sizeof found, "%.8s", sum + sizeof word - 1);
    if (strcmp(found, wanted) != 0 || r->end[-1] != '\n')
        return thenar_fail(r->error, THENAR_ERR_CRC,
                           "%.200s: damaged or edited: its checksum is %s and should be %s",
                           r->name, found, wanted);
    r->end = sum;
    return THENAR_OK;
}

static enum thenar_status read_sizes(struct reader *r, unsigned long *n_features,
                                     unsigned long *n_outputs)
{
    unsigned long version;
    if (!expect(r, "features") || !next_count(r, &version) || !next_count(r, n_features) ||
        !end_line(r))
        return fail_line(r, "here belongs 'features VERSION COUNT'");
    if (version != FEATURE_VERSION || *n_features == 0 || *n_features > feature_vector_n())
        return thenar_fail(r->error, THENAR_ERR_VALUE,
                           "%.200s: made for features %lu (%lu of them), and this Thenar has "
                           "features %d (%u of them); train it anew",
                           r->name, version, *n_features, FEATURE_VERSION, feature_vector_n());
    if (!expect(r, "outputs") || !next_count(r, n_outputs) || *n_outputs < 2 ||
        *n_outputs > MODEL_OUTPUTS_MAX || !end_line(r))
        return fail_line(r, "here belongs 'outputs COUNT', 2 to 96");
    return THENAR_OK;
}

static enum thenar_status read_table(struct reader *r, struct linear_model *model)
{
    if (!expect(r, "temperature") || !read_numbers(r, &model->temperature, 1) ||
        !(model->temperature > 0))
        return fail_line(r, "here belongs 'temperature NUMBER', above 0");
    if (!expect(r, "centre") || !read_numbers(r, model->centre, model->n_features))
        return fail_line(r, "here belongs 'centre' and a number a feature");
    if (!expect(r, "scale") || !read_numbers(r, model->scale, model->n_features))
        return fail_line(r, "here belongs 'scale' and a number a feature");
    for (unsigned i = 0; i < model->n_features; i++)
        if (!(model->scale[i] > 0))
            return fail_line(r, "a scale is not above 0");
    for (unsigned k = 0; k < model->n_outputs; k++) {
        struct model_output *output = &model->outputs[k];
        if (!expect(r, "output") || !next_word(r, output->label, sizeof output->label) ||
            !next_number(r, &output->bias) || !read_numbers(r, output->weight, model->n_features))
            return fail_line(r, "here belongs 'output LABEL BIAS' and a number a feature");
        output->technique = model_label_technique(output->label);
    }
    return r->at == r->end ? THENAR_OK : fail_line(r, "nothing more belongs here");
}

enum thenar_status linear_model_parse(struct linear_model **out, const char *text, size_t n_bytes,
                                      const char *name, struct thenar_error *error)
{
    struct reader reader = {name, text, text + n_bytes, 1, error}, *r = &reader;
    struct linear_model head = {0};
    unsigned long format, n_features = 0, n_outputs = 0;
    *out = NULL;
    if (!expect(r, "thenar-model") || !next_count(r, &format) || !end_line(r))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%.200s: not a model file of Thenar", name);
    if (format != MODEL_FORMAT)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%.200s: model format %lu, and this Thenar reads format %d", name,
                           format, MODEL_FORMAT);
    r->at = text;
    enum thenar_status status = check_sum(r);
    if (status != THENAR_OK)
        return status;
    r->at = (const char *)memchr(text, '\n', n_bytes) + 1;
    r->line = 2;
    if (!read_text(r, "name", head.name) || !read_text(r, "hands", head.hands) ||
        !read_text(r, "recipe", head.recipe))
        return fail_line(r, "here belong 'name', 'hands' and 'recipe', a line each");
    status = read_sizes(r, &n_features, &n_outputs);
    if (status != THENAR_OK)
        return status;
    struct linear_model *model;
    status = linear_model_create(&model, (unsigned)n_features, (unsigned)n_outputs);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "%.200s: out of memory", name);
    memcpy(model->name, head.name, sizeof model->name);
    memcpy(model->hands, head.hands, sizeof model->hands);
    memcpy(model->recipe, head.recipe, sizeof model->recipe);
    linear_model_introduce(model);
    status = read_table(r, model);
    if (status != THENAR_OK)
        linear_model_destroy(model);
    else
        *out = model;
    return status;
}

static void write_numbers(FILE *file, const float *x, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        (void)fprintf(file, " %.4g", (double)x[i]);
    (void)fputc('\n', file);
}

char *linear_model_format(const struct linear_model *model, size_t *n_bytes)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, n_bytes);
    if (!file)
        return NULL;
    (void)fprintf(file, "thenar-model %d\nname %s\nhands %s\nrecipe %s\n", MODEL_FORMAT,
                  model->name, model->hands, model->recipe);
    (void)fprintf(file, "features %d %u\noutputs %u\ntemperature %.4g\ncentre", FEATURE_VERSION,
                  model->n_features, model->n_outputs, (double)model->temperature);
    write_numbers(file, model->centre, model->n_features);
    (void)fputs("scale", file);
    write_numbers(file, model->scale, model->n_features);
    for (unsigned k = 0; k < model->n_outputs; k++) {
        (void)fprintf(file, "output %s %.6g", model->outputs[k].label,
                      (double)model->outputs[k].bias);
        write_numbers(file, model->outputs[k].weight, model->n_features);
    }
    (void)fflush(file);
    (void)fprintf(file, "crc32 %08x\n", text ? checksum(text, *n_bytes) : 0);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
