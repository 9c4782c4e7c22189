/* Stamps: the label of a line as it stands in front of it. */
#ifndef RLOG_STAMP_H
#define RLOG_STAMP_H

enum stamp_kind { STAMP_NONE, STAMP_LABEL, STAMP_LEAP, STAMP_UTC };

#endif
