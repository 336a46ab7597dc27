# A resume with a loaded table while a suspend is under way: its own
# suspend waits for suspend_lock and says -EINVAL, which is ignored, the
# swap finds the device suspended, and all goes well (KERNEL.md A.7).
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048
create d
  0 2048 linear /dev/sda 0
hold sda
io a d r 0 8
load d
  0 2048 linear /dev/sdb 0
suspend d --noflush --tag s &
resume d --tag r &
release sda ok
wait s
wait r
info d
table d
----
create d = ok
load d = ok
io a = ok, reads -*8
suspend d --noflush --tag s = ok
resume d --tag r = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      0
  0 2048 linear 8:16 0
table d = ok
---- kernel 6.1 6.12
# do_resume returns dm_suspend's error and puts new_map back (6.11, in
# both Debian kernels); 2.6.20 ignored it. It is -EINVAL: the device is
# suspended already (dm_suspended_md), and stays so, with the old table
# live and the new one inactive.
create d = ok
load d = ok
suspend d --noflush --tag s = ok
resume d --tag r = EINVAL
io a = ok, reads -*8
  State:             SUSPENDED
  Tables present:    LIVE & INACTIVE
  Open count:        0
  Event number:      0
  0 2048 linear 8:0 0
table d = ok
