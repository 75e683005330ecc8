/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <time.h>

#include "session_report.h"
#include "session_command.h"

static const char STYLE[] =
    "@page{size:A4;margin:9mm 13mm}"
    "*{box-sizing:border-box}"
    "body{font:9.6pt/1.28 system-ui,'DejaVu Sans',sans-serif;color:#000;background:#fff;"
    "max-width:184mm;margin:8mm auto;padding:0 4mm}"
    "h1{font-size:17pt;margin:0}h2{font-size:11pt;margin:2mm 0 1mm}"
    "p{margin:0 0 1mm}small{font-weight:normal;color:#333;font-size:8.5pt}"
    "header{display:flex;justify-content:space-between;align-items:baseline;"
    "border-bottom:.6mm solid #000;padding-bottom:1mm}"
    "dl{display:flex;flex-wrap:wrap;margin:1.5mm 0;gap:0 7mm}dt{font-size:8.5pt;color:#333}"
    "dd{margin:0;font-size:14pt;font-weight:600}dd small{font-size:9pt}"
    "ol{margin:0 0 2mm;padding-left:6mm}li{margin-bottom:.8mm}"
    "figure{margin:0 0 1.5mm;break-inside:avoid}figcaption{font-weight:600;margin-bottom:.5mm}"
    "svg{width:100%;display:block}svg text{font-size:10px;fill:#000}"
    ".end{text-anchor:end}.mid{text-anchor:middle}"
    ".axis{stroke:#000;fill:none;stroke-width:1}.grid{stroke:#bbb;fill:none;stroke-width:.6}"
    ".band{fill:#ddd}.bar{fill:#222}.unsure{fill:#fff;stroke:#555;stroke-dasharray:2 1.5}"
    ".line{stroke:#000;fill:none;stroke-width:1.8}.thin{stroke:#666;fill:none;stroke-width:.7}"
    ".side{display:flex;gap:3mm}.parts{display:grid;grid-template-columns:auto auto;gap:1mm 3mm}"
    ".parts span{font-size:7pt;white-space:nowrap}.frame{fill:#fff;stroke:#000;stroke-width:.15}"
    ".legend{font-size:8pt;margin-top:1mm}.legend span{margin-right:2mm;white-space:nowrap}"
    ".legend i{display:inline-block;width:3mm;height:3mm;border:.2mm solid #000;"
    "margin-right:1mm;vertical-align:-.4mm}"
    ".two{display:grid;grid-template-columns:76mm minmax(0,1fr);gap:4mm}"
    "table{border-collapse:collapse;font-size:8pt}caption{text-align:left;font-weight:600;"
    "font-size:9.6pt}th,td{padding:.3mm 1.2mm .3mm 0;text-align:right;border-bottom:.2mm solid "
    "#999}"
    "th[scope=row]{text-align:left;font-weight:600;white-space:nowrap}"
    "th[scope=col]{vertical-align:bottom;"
    "border-bottom:.3mm solid #000;font-weight:normal}th[scope=col]:first-child{text-align:left}"
    "details{font-size:8.5pt}summary{color:#333}"
    "footer{font-size:7.8pt;border-top:.3mm solid #000;padding-top:1mm;margin-top:2mm}"
    "article+article{break-before:page;margin-top:12mm}"
    "@media print{body{margin:0;padding:0}details:not([open]){display:none}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

void report_write_begin(FILE *out, const struct report *r)
{
    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width\">"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'\"><title>Session ",
                out);
    report_put_text(out, r->head->about.id);
    (void)fprintf(out, "</title>\n<style>%s</style></head>\n<body><main>\n", STYLE);
}

void report_write_end(FILE *out)
{
    (void)fputs("</main></body></html>\n", out);
}

/* ---- head ---- */

static void put_who(FILE *out, const char *what, const char *id)
{
    if (!id[0])
        return;
    (void)fprintf(out, " \xc2\xb7 %s ", what);
    report_put_text(out, id);
}

static void put_header(FILE *out, const struct report *r, size_t n_devices)
{
    char date[64] = "";
    struct tm parts;
    time_t start = (time_t)r->head->about.start_unix_s;
    if (localtime_r(&start, &parts))
        (void)strftime(date, sizeof date, "%A %d %B %Y, %H:%M", &parts);
    (void)fprintf(out, "<header><h1>Session report</h1><p>%s</p></header>\n<p><small>", date);
    report_put_text(out, r->head->about.id);
    put_who(out, "participant", r->head->about.participant);
    put_who(out, "operator", r->head->about.operator_id);
    put_who(out, "plan", r->head->about.plan);
    if (n_devices > 1)
        put_who(out, "device", r->head->device);
    (void)fputs("</small></p>\n", out);
}

static void put_figure(FILE *out, const char *name, double value, int decimals, const char *unit)
{
    (void)fprintf(out, "<div><dt>%s</dt><dd>", name);
    report_put_number(out, value, decimals);
    (void)fprintf(out, " <small>%s</small></dd></div>\n", unit);
}

static void put_clock_figure(FILE *out, const char *name, double seconds)
{
    char text[REPORT_WORD_BYTES];
    report_clock(text, seconds);
    (void)fprintf(out, "<div><dt>%s</dt><dd>%s <small>%s</small></dd></div>\n", name, text,
                  seconds >= 3599.5 ? "h:min:s" : "min:s");
}

static void put_figures(FILE *out, const struct report *r)
{
    double typical = (double)(r->digest.stroke_peak * r->pressure_scale);
    (void)fputs("<dl>\n", out);
    put_clock_figure(out, "length", r->digest.length_s);
    if (report_is_mat(r)) {
        (void)fputs("</dl>\n", out);
        return;
    }
    put_clock_figure(out, "hands on", r->digest.hands_on_s);
    put_figure(out, "strokes", (double)r->digest.n_strokes, 0, "");
    put_figure(out, "techniques", (double)r->digest.n_techniques, 0, "");
    put_figure(out, "rhythm varied by", (double)r->digest.regularity_pct, 0, "%");
    put_figure(out, "pressure of a typical stroke", typical, typical < 10 ? 1 : 0,
               r->pressure_unit);
    (void)fputs("</dl>\n", out);
}

/* A mat feels a lying body: nothing of it may be held against the hands. */
static void put_mat(FILE *out)
{
    (void)fputs("<section><h2>What a mat can tell</h2>\n<p>It lies under the person, and feels the "
                "body and what is done to it together: how the load changes, how fast the hands "
                "work, where the person lies. It cannot feel the pressure at the skin, nor which "
                "technique it is; so nothing on this page says whether the hands did well. Use a "
                "pad or a glove for that.</p></section>\n",
                out);
}

static void put_advice(FILE *out, const struct report *r)
{
    if (report_is_mat(r)) {
        put_mat(out);
        return;
    }
    (void)fputs("<section><h2>Three things to work on</h2>\n", out);
    if (r->n_advice == 0) {
        (void)fputs("<p>Too little was done in this session to say.</p></section>\n", out);
        return;
    }
    (void)fputs("<ol>\n", out);
    for (size_t i = 0; i < r->n_advice; i++) {
        (void)fputs("<li><b>", out);
        report_put_text(out, r->advice[i].aim);
        (void)fputs(r->advice[i].is_fine ? "</b> (good already; keep it). " : ".</b> ", out);
        report_put_text(out, r->advice[i].why);
        (void)fputs("</li>\n", out);
    }
    (void)fputs("</ol></section>\n", out);
}

/* ---- the table of techniques ---- */

static void put_technique(FILE *out, const struct report *r, const struct session_technique *t)
{
    char word[REPORT_WORD_BYTES], time[REPORT_WORD_BYTES];
    const struct session_technique *want =
        r->has_reference ? session_digest_find(&r->reference, t->technique) : NULL;
    int decimals = t->stroke_peak * r->pressure_scale < 10 ? 1 : 0;
    report_technique_word(word, t->technique);
    report_clock(time, t->time_s);
    (void)fprintf(out, "<tr><th scope=\"row\">%s<td>%s<td>%" PRIu64 "<td>", word, time,
                  t->n_strokes);
    report_put_number(out, (double)t->pace_cpm, 0);
    (void)fputs("<td>", out);
    report_put_number(out, (double)t->regularity_pct, 0);
    (void)fputs("<td>", out);
    report_put_number(out, (double)(t->stroke_peak * r->pressure_scale), decimals);
    (void)fputs("<td>", out);
    report_put_number(out, (double)t->evenness_pct, 0);
    if (r->has_reference) {
        bool is_comparable = want && r->is_relative == r->reference_is_relative;
        (void)fputs("<td>", out);
        report_put_number(out, want ? (double)want->pace_cpm : (double)NAN, 0);
        (void)fputs("<td>", out);
        report_put_number(
            out, is_comparable ? (double)(want->stroke_peak * r->pressure_scale) : (double)NAN,
            decimals);
    }
    (void)fputc('\n', out);
}

static void put_notes(FILE *out, const struct report *r)
{
    for (size_t i = 0; i < r->n_notes && i < 3; i++) {
        char at[REPORT_WORD_BYTES], text[SESSION_NOTE_BYTES + 1];
        report_clock(at, r->notes[i].t - r->digest.start_unix_s);
        (void)snprintf(text, sizeof text, "%.*s", SESSION_NOTE_BYTES, r->notes[i].text);
        (void)fprintf(out, "<p><small>Noted at %s: ", at);
        report_put_text(out, text);
        (void)fputs("</small></p>\n", out);
    }
}

static void put_techniques(FILE *out, const struct report *r)
{
    if (report_is_mat(r)) {
        (void)fputs("<div>\n", out);
        put_notes(out, r);
        (void)fputs("</div>\n", out);
        return;
    }
    (void)fprintf(out,
                  "<div><table><caption>What was done, in numbers</caption><thead><tr>"
                  "<th scope=\"col\">technique<th scope=\"col\">time<br>min:s<th scope=\"col\">"
                  "strokes<th scope=\"col\">pace<br>1/min<th scope=\"col\">varies<br>by %%"
                  "<th scope=\"col\">pressure<br>%s<th scope=\"col\">even<br>%%",
                  r->is_relative ? "% of full" : "kPa");
    if (r->has_reference)
        (void)fprintf(out, "<th scope=\"col\">ref.<br>1/min<th scope=\"col\">ref.<br>%s",
                      r->is_relative ? "% of full" : "kPa");
    (void)fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < r->digest.n_techniques; i++)
        put_technique(out, r, &r->digest.techniques[i]);
    (void)fputs("</tbody></table>\n<p><small>Pressure: the highest of a stroke, the middle one of "
                "all strokes. Varies: how much the time between strokes differs. Even: how little "
                "the force changes within a stroke.</small></p>\n",
                out);
    if (r->has_reference) {
        (void)fputs("<p><small>Reference: session ", out);
        report_put_text(out, r->reference_id);
        (void)fputs(".</small></p>\n", out);
    }
    put_notes(out, r);
    (void)fputs("</div>\n", out);
}

/* ---- foot: how far to trust it ---- */

static void put_footer(FILE *out, const struct report *r)
{
    const struct array_layout *layout = &r->head->layout;
    uint64_t n_lost =
        r->losses.lost_device + r->losses.lost_link + r->losses.lost_host + r->losses.lost_disk;
    (void)fputs("<footer>Measured with ", out);
    report_put_text(out, r->head->model[0] ? r->head->model : "an array");
    (void)fprintf(out, " (%u \xc3\x97 %u sensors, %g frames a second). ", layout->n_rows,
                  layout->n_cols, (double)layout->rate_hz);
    if (r->is_relative)
        (void)fputs("The device is not calibrated: pressures are parts of its full scale, to be "
                    "compared on this device only. ",
                    out);
    else if (layout->sensor.uncertainty_pct > 0)
        (void)fprintf(out, "Pressures have a standard uncertainty of %g %%. ",
                      (double)layout->sensor.uncertainty_pct);
    if (n_lost == 0 && r->losses.n_gaps > 0)
        (void)fprintf(out, "%" PRIu64 " times nothing came from the device for a while. ",
                      r->losses.n_gaps);
    else if (n_lost > 0)
        (void)fprintf(out, "%" PRIu64 " of %" PRIu64 " frames were lost in %" PRIu64 " gaps. ",
                      n_lost, n_lost + r->losses.n_frames, r->losses.n_gaps);
    else
        (void)fprintf(out, "None of %" PRIu64 " frames was lost. ", r->losses.n_frames);
    if (r->map.n_frames_read < r->map.n_frames)
        (void)fprintf(out, "The maps are from %.0f %% of the frames, evenly spread. ",
                      100 * (double)r->map.n_frames_read / (double)r->map.n_frames);
    if (r->has_plan)
        (void)fprintf(out, "Grey: the plan's bands, as the plan %s. ",
                      r->is_plan_of_file ? "was in this session" : "is now");
    if (!report_is_mat(r))
        (void)fputs(
            "What is good and what is not follows conventions of this program, or the "
            "reference; it says how steadily the hands worked, and nothing about a treatment's "
            "worth. ",
            out);
    report_put_text(out, r->head->about.software);
    (void)fputs("</footer>\n", out);
}

void report_write_device(FILE *out, const struct report *r, size_t n_devices)
{
    (void)fprintf(out, "<article aria-label=\"device %zu of %zu\">\n", r->index + 1, n_devices);
    put_header(out, r, n_devices);
    put_figures(out, r);
    if (!report_is_mat(r)) /* of a mat it would only say that somebody lay there long enough */
        report_write_score(out, r);
    put_advice(out, r);
    if (!report_is_mat(r))
        report_write_timeline(out, r);
    report_write_pressure(out, r);
    report_write_pace(out, r);
    (void)fputs("<div class=\"two\">\n", out);
    report_write_map(out, r);
    put_techniques(out, r);
    (void)fputs("</div>\n", out);
    put_footer(out, r);
    (void)fputs("</article>\n", out);
}
