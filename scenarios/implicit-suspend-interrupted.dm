# do_resume ignores what its suspend returns (F14): after a signal the
# swap finds the device not suspended and says -EINVAL, and the loaded
# table is destroyed. The device goes on with the old one.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create d
  0 2048 linear /dev/sda 0
hold sda
io a d r 0 8
load d
  0 2048 linear /dev/sdb 0
info d
resume d --noflush --tag r &
signal r
wait r
info d
release sda ok
wait a
resume d
table d
----
create d = ok
load d = ok
  State:             ACTIVE
  Tables present:    LIVE & INACTIVE
  Open count:        1
  Event number:      0
resume d --noflush --tag r = EINVAL
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        1
  Event number:      0
io a = ok, reads -*8
resume d = ok
  0 2048 linear 8:0 0
table d = ok
---- kernel 6.1 6.12
# do_resume returns dm_suspend's error and puts new_map back (6.11, in
# both Debian kernels); 2.6.20 ignored it. The next resume swaps it in.
create d = ok
load d = ok
  State:             ACTIVE
  Tables present:    LIVE & INACTIVE
  Open count:        1
  Event number:      0
resume d --noflush --tag r = EINTR
  State:             ACTIVE
  Tables present:    LIVE & INACTIVE
  Open count:        1
  Event number:      0
io a = ok, reads -*8
resume d = ok
  0 2048 linear 8:16 0
table d = ok
---- kernel 6.1 6.12 rq
# do_resume returns dm_suspend's error and puts new_map back (6.11, in
# both Debian kernels); 2.6.20 ignored it. The next resume swaps it in.
create d = ok
load d = ok
  State:             ACTIVE
  Tables present:    LIVE & INACTIVE
  Open count:        1
  Event number:      0
resume d --noflush --tag r = EINTR
  State:             ACTIVE
  Tables present:    LIVE & INACTIVE
  Open count:        1
  Event number:      0
io a = ok, reads -*8
resume d = ok
  0 2048 linear 8:16 0
table d = ok
