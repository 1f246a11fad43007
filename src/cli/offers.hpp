#pragma once
/// What the user gives and allows the steps of a build: --secret, --ssh, --allow, --ulimit and
/// --shm-size.

#include "arguments.hpp"
#include "strata/exec/operation.hpp"
#include "strata/plan/make_plan.hpp"
#include "strata/remote/credentials.hpp"

namespace strata::cli {

void add_offer_options(Syntax& syntax);
/// --secret alone, for those who fetch and run nothing.
void add_secret_option(Syntax& syntax);

/// Reads the secrets' bytes now, so that one that is not there is said before anything is built.
/// What a secret is read from may be a pipe: ask once.
remote::Secrets read_secrets(const Arguments& arguments);
exec::Offers read_offers(const Arguments& arguments);
/// What --allow says, and the ids of what is offered.
plan::Grants read_grants(const Arguments& arguments, const exec::Offers& offers);
exec::Limits read_limits(const Arguments& arguments);

}  // namespace strata::cli
