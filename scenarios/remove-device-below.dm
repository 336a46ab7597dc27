# A table holds the devices that it names open: the lower of two stacked
# devices is not removed before the upper one.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create low
  0 2048 linear /dev/sda 0
create top
  0 1024 linear /dev/mapper/low 512
remove low
remove top
remove low
----
create low = ok
create top = ok
remove low = EBUSY
remove top = ok
remove low = ok
