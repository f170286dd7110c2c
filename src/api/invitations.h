/* Handlers: looking at an invitation and accepting it, by who has its link. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

extern const struct shape acceptance_shape;

handler invitation_read;
handler invitation_accept_post, invitation_accept_slow;
