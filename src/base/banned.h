/* Functions that invite overruns, data races or silent errors do not compile here.
 * Included into every file by the build. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison sprintf vsprintf strcpy strcat strncpy strncat strtok strtok_r gets
#pragma GCC poison atoi atol atoll atof localtime gmtime ctime asctime srand
