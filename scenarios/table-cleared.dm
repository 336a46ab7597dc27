# clear drops the table that was loaded; the live one stays. A resume
# then has nothing to swap in, and an empty slot is no error.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048
create d
  0 2048 linear /dev/sda 0
load d
  0 2048 linear /dev/sdb 0
info d
clear d
info d
clear d
resume d
table d
----
create d = ok
load d = ok
  State:             ACTIVE
  Tables present:    LIVE & INACTIVE
  Open count:        0
  Event number:      0
clear d = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
clear d = ok
resume d = ok
  0 2048 linear 8:0 0
table d = ok
