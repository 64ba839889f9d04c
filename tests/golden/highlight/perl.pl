#!/usr/bin/perl
# Counts words.
use strict;
use warnings;
use List::Util qw(sum max);

my %count;
my @lines = ("one two", 'three');
our $VERSION = 1.02;

sub words {
    my ($text, $least) = @_;
    my @found = grep { length($_) > $least } split /\s+/, $text;
    return @found;
}

foreach my $line (@lines) {
    for my $word (words($line, 2)) {
        $count{$word}++;
    }
}

while (my ($word, $n) = each %count) {
    next unless $n > 0;
    printf("%s: %d\n", $word, $n);
}

my $total = sum(values %count) / 2;
if ($lines[0] =~ m/^(\w+)\s/i && $total != 0x1F) {
    my $first = $1;
    $first =~ s/o/0/g;
    print "first is $first\n";
} elsif (!defined $total) {
    die "no total: $!";
}

my $text = <<"END";
Dear reader,
END
my $object = Shop::Order->new(name => 'a', price => 1.5);
$object->add(3);
my $ref = { list => [1, 2, 3] };
print join(', ', map { $_ * 2 } @{ $ref->{list} }), "\n";
open(my $file, '<', 'a.txt') or die;
close $file;

=pod

Told at length.

=cut

1;
