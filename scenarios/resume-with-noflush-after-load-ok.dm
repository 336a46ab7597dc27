# Mail 07/11, resume_with_noflush_after_load_ok: no suspend at all; a
# table with a path is loaded, and the resume, which suspends by itself,
# carries the flag. The I/O succeeds (what multipathd does).
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp --noflush
wait a
io b mp r 0 8
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
load mp = ok
resume mp --noflush = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
load mp = ok
io a = EIO
resume mp --noflush = ok
io b = ok, reads -*8
