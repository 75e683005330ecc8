/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gradebook.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* What spreadsheets begin a formula with (OWASP, "CSV Injection"), also behind spaces that some of
 * them cut off; a code such as -1 too. */
static bool is_formula(const char *text)
{
    text += strspn(text, " ");
    return text[0] && strchr("=+-@\t\r\n", text[0]);
}

void gradebook_write_text(FILE *out, const char *text)
{
    bool is_quoted = is_formula(text) || strpbrk(text, ",\"\r\n") || text[0] == ' ';
    if (is_quoted)
        (void)fputc('"', out);
    if (is_formula(text))
        (void)fputc('\'', out);
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            (void)fputc('"', out);
        (void)fputc(*c, out);
    }
    if (is_quoted)
        (void)fputc('"', out);
}

static void write_next_text(FILE *out, const char *text)
{
    (void)fputc(',', out);
    gradebook_write_text(out, text);
}

/* Absent is empty. */
static void write_next_number(FILE *out, double number, int n_places)
{
    (void)fputc(',', out);
    if (isfinite(number))
        (void)fprintf(out, "%.*f", n_places, number);
}

static void write_next_level(FILE *out, unsigned level)
{
    (void)fputc(',', out);
    if (level)
        (void)fprintf(out, "%u", level);
}

static void write_header(FILE *out, const struct rubric *rubric)
{
    (void)fputs("began_utc,session,station,giver,receiver,plan,length_s,score,final_score", out);
    for (size_t i = 0; i < rubric->n_criteria; i++)
        (void)fprintf(out, ",%s_value,%s_level,%s_final", rubric->criteria[i].name,
                      rubric->criteria[i].name, rubric->criteria[i].name);
    (void)fputs(",techniques,cues,worst_pain,complaints,remark\r\n", out);
}

/* "effleurage 132 s; petrissage 60 s" */
static void write_techniques(FILE *out, const struct class_tally *tally)
{
    char text[TALLY_TECHNIQUES_MAX * (THENAR_WORD_BYTES + 16)];
    size_t n_text = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < tally->n_techniques; i++)
        n_text += (size_t)snprintf(text + n_text, sizeof text - n_text, "%s%s %.0f s",
                                   n_text ? "; " : "", tally->techniques[i].technique,
                                   (double)fminf(tally->techniques[i].span_s, 1e9f));
    write_next_text(out, text);
}

static void write_row(FILE *out, const struct class_session *session, const struct rubric *rubric)
{
    const struct class_tally *tally = &session->tally;
    char began[32];
    struct tm parts;
    time_t at = (time_t)session->began_unix_s;
    uint32_t n_cues = 0;
    for (uint32_t i = 0; i < tally->n_cues; i++)
        n_cues += tally->cues[i].n;
    (void)strftime(began, sizeof began, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &parts));
    (void)fputs(began, out);
    write_next_text(out, session->session);
    write_next_text(out, session->station);
    write_next_text(out, session->giver);
    write_next_text(out, session->receiver);
    write_next_text(out, session->plan);
    write_next_number(out, (double)tally->length_s, 0);
    float score = class_tally_value(tally, TALLY_SCORE);
    write_next_number(out, (double)score, 1);
    write_next_number(out, (double)(isfinite(session->own_score) ? session->own_score : score), 1);
    for (size_t i = 0; i < rubric->n_criteria; i++) {
        const struct rubric_criterion *criterion = &rubric->criteria[i];
        unsigned measured = rubric_level(rubric, criterion, tally);
        unsigned own = class_session_level(session, criterion->name);
        write_next_number(out, (double)class_tally_value(tally, criterion->measure), 1);
        write_next_level(out, measured);
        write_next_level(out, own ? own : measured);
    }
    write_techniques(out, tally);
    write_next_number(out, n_cues, 0);
    write_next_number(out, (double)tally->worst_pain, 1);
    write_next_number(out, tally->n_complaints, 0);
    write_next_text(out, session->remark);
    (void)fputs("\r\n", out);
}

void gradebook_write(FILE *out, const struct class_book *book, const struct rubric *rubric)
{
    write_header(out, rubric);
    for (size_t i = 0; i < book->n_sessions; i++)
        write_row(out, &book->sessions[i], rubric);
}
