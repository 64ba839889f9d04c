# frozen
require 'set'

class Animal < Base
  attr_reader :name

  def initialize(name)
    @name = name
    @age = 3
  end

  def greet?
    return nil unless @name
    puts "Hello, #{@name.upcase} and #{1 + 2}"
  end
end

text = <<~EOS
  one #{2}
EOS
done = true
