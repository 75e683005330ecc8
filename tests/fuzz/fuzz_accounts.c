/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "accounts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Any file of accounts is read, or refused with a sentence; a student that is read has a table. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct accounts accounts;
    struct thenar_error error = {0};
    if (accounts_decode((const char *)data, n_bytes, "fuzz", &accounts, &error) != THENAR_OK) {
        if (error.text[0] == '\0')
            abort();
        return 0;
    }
    for (size_t i = 0; i < accounts.n_accounts; i++)
        if (accounts.accounts[i].role == ACCOUNT_STUDENT &&
            !thenar_name_is_valid(accounts.accounts[i].station))
            abort();
    accounts_finish(&accounts);
    return 0;
}
