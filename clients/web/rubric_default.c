/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rubric.h"

const char *rubric_default_text(void)
{
    return "# What a class is judged by; thenar-web reads it when it starts. Edit it freely:\n"
           "#\n"
           "# levels    their names, the lowest first: two to six\n"
           "# criteria  one to eight. name is a column of the gradebook; measure is one of\n"
           "#           score, pressure_pct, pace_pct, regularity_pct, rhythm_pct, holds_pct,\n"
           "#           technique_pct, coverage_pct (0 to 100, more is better),\n"
           "#           worst_pain (0 to 10) and cues_per_minute\n"
           "# bounds    part the levels, one less than there are. Rising: more is better;\n"
           "#           falling: less is\n"
           "title = \"Massage practice\";\n"
           "levels = [\"practise more\", \"getting there\", \"good\", \"excellent\"];\n"
           "criteria = (\n"
           "  { name = \"pressure\"; title = \"Pressure within the plan's band\";\n"
           "    measure = \"pressure_pct\"; bounds = [50.0, 70.0, 85.0]; },\n"
           "  { name = \"rhythm\"; title = \"Pace and even rhythm\";\n"
           "    measure = \"rhythm_pct\"; bounds = [50.0, 70.0, 85.0]; },\n"
           "  { name = \"technique\"; title = \"The technique that the step asks for\";\n"
           "    measure = \"technique_pct\"; bounds = [50.0, 70.0, 85.0]; },\n"
           "  { name = \"coverage\"; title = \"All steps, and their time\";\n"
           "    measure = \"coverage_pct\"; bounds = [50.0, 70.0, 90.0]; },\n"
           "  { name = \"comfort\"; title = \"The receiver's comfort\";\n"
           "    measure = \"worst_pain\"; bounds = [6.0, 4.0, 2.0]; }\n"
           ");\n";
}
