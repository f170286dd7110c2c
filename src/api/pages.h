/* The web app's addresses: every page is the same document, which finds its way by the address. */
#pragma once

#include "http/router.h"

handler pages_read;  /* any page */
handler pages_setup; /* GET /setup: the page for a browser, the state for a program */
handler pages_asset; /* GET /assets/…, /favicon… */
