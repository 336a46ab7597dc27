# A path that answers late: virtual time passes only when nothing else
# can happen. What is sent over the other path overtakes it.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 0 0 1 1 \
    round-robin 0 2 1 /dev/sda 1 /dev/sdb 1
delay sda 20
delay sdb 10
io a mp w 0 8
io b mp w 0 8
suspend mp
resume mp
delay sda 0
io c mp r 0 8
----
create mp = ok
io b = ok
io a = ok
suspend mp = ok
resume mp = ok
io c = ok, reads a*8
