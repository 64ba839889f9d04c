using System;

namespace Demo
{
    /// <summary>One</summary>
    public class Person
    {
        public string Name { get; set; } = "x\ty";
        private static readonly int Max = 42;
        /* more
           than one line */
        public bool Fits(int a) => a < Max && Name != null;
        string path = @"c:\a\b";
    }
}
