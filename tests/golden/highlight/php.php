<?php
namespace App;

// One
class User extends Model
{
    private int $age = 42;
    /* two
       lines */
    public function name(string $first): string
    {
        if ($first === 'a\'b') {
            return "Hi";
        }
        return strtolower($first) . 'x';
    }
}
