# Mail 07/11, succeed_after_table_load: pushed back, then a table with
# another path is loaded and the device is resumed: the I/O succeeds.
# Both paths lead to one LUN, so what the write brought is read back.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
offline sda
io a mp w 0 8
suspend mp --noflush
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp
wait a
io b mp r 0 8
---- 2.6.20
create mp = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
io a = EIO
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io b = ok, reads -*8
