/* Handlers: what people do about their own account without an administrator. Those named …_slow
 * hash passwords, off the request threads. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

extern const struct shape password_change_shape;

handler password_update, password_update_slow;
