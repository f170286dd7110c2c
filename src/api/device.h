/* Handlers of the device authorization grant (RFC 8628). */
#pragma once

#include "http/router.h"

handler device_authorization;  /* POST /oauth/device_authorization: a device begins */
handler device_consent;        /* GET /oauth/device?user_code=…: what to ask its user */
handler device_consent_answer; /* POST /oauth/device?user_code=…: what they say */
