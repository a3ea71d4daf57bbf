/* standard_limits.h: numbers from the standards, for all other headers. Python has them in
 * standard/limits.py; tests/_kernels/test_headers.py compares the two.
 */
#ifndef SEPTET_STANDARD_LIMITS_H
#define SEPTET_STANDARD_LIMITS_H

#define SEPTET_SEGMENT_OCTETS 140 /* user data of one segment (3GPP TS 23.040, 9.2.3.24) */
#define SEPTET_SEGMENT_SEPTETS (SEPTET_SEGMENT_OCTETS * 8 / 7)
#define SEPTET_MAX_SEGMENTS 255   /* that a concatenation can number (9.2.3.24.1) */

/* Digits of an international number, without the plus sign (ITU-T E.164). The shortest has a country
 * code of one digit and one digit behind it.
 */
#define SEPTET_MIN_DIGITS 2
#define SEPTET_MAX_DIGITS 15

/* Digits of the shortest number in use, which a number without its plus sign must have at least. */
#define SEPTET_MIN_UNMARKED_DIGITS 7

#endif
