/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "technique/contact_groups.h"
#include "unit/assert_near.h"

/* Round, 20 mm across. */
static struct contact pad(float x_mm, float y_mm, float force_n)
{
    return (struct contact){
        .cop_x_mm = x_mm, .cop_y_mm = y_mm, .force_n = force_n, .major_mm = 20, .minor_mm = 20};
}

static void fingers_and_palm_are_one_hand(void **state)
{
    (void)state;
    const struct contact hand[] = {pad(0, 0, 8), pad(45, -18, 2), pad(47, 0, 2), pad(45, 18, 2)};
    struct contact_groups groups = contact_groups_find(hand, 4);
    assert_near(groups.distance_mm, 0, 0);
    assert_near(groups.gap_mm, 0, 0);
    assert_near(contact_groups_find(hand, 1).distance_mm, 0, 0);
    assert_near(contact_groups_find(hand, 0).distance_mm, 0, 0);
}

/* Each of three pads; the distance is between the hands' centres of pressure, the gap between the
 * pads that are nearest. The strongest contacts are both of one hand. */
static void two_hands_are_told_by_the_room_between_them(void **state)
{
    (void)state;
    const struct contact hands[] = {pad(-10, 0, 9), pad(10, 0, 9),  pad(0, 30, 6),
                                    pad(140, 0, 4), pad(160, 0, 4), pad(150, 30, 4)};
    struct contact_groups groups = contact_groups_find(hands, 6);
    float y_one = 30.0F * 6 / 24, y_two = 30.0F * 4 / 12;
    assert_near(groups.distance_mm, hypotf(150, y_two - y_one), 1e-3);
    assert_near(groups.gap_mm, 140 - 10 - 20, 1e-3);
}

static void the_length_of_a_contact_counts_in_its_own_direction(void **state)
{
    (void)state;
    struct contact bars[] = {pad(0, 0, 5), pad(0, 60, 5)};
    bars[0].major_mm = bars[1].major_mm = 80;
    assert_near(contact_groups_find(bars, 2).gap_mm, 40, 1e-3); /* side by side, along x */
    bars[0].angle_deg = bars[1].angle_deg = 90;
    assert_near(contact_groups_find(bars, 2).gap_mm, 0, 0); /* end to end: one field */
}

static void what_hardly_presses_is_no_hand(void **state)
{
    (void)state;
    const struct contact two[] = {pad(0, 0, 10), pad(150, 0, 1)};
    assert_near(contact_groups_find(two, 2).distance_mm, 0, 0);
    const struct contact none[] = {pad(0, 0, 0), pad(150, 0, 0)};
    assert_near(contact_groups_find(none, 2).distance_mm, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fingers_and_palm_are_one_hand),
        cmocka_unit_test(two_hands_are_told_by_the_room_between_them),
        cmocka_unit_test(the_length_of_a_contact_counts_in_its_own_direction),
        cmocka_unit_test(what_hardly_presses_is_no_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
