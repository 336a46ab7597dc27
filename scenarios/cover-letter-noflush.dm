# The cover letter's problem, solved: the cable of sda is pulled out, I/O
# queues in the target; the disk comes back as sdb; the daemon loads a
# table with the new name and resumes, with DM_NOFLUSH_FLAG.
era: 2.6.20
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
unplug sda
io a mp r 0 8
status mp
replug sda as sdb
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp --noflush
wait a
----
