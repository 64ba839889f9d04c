# Means of a sample.
module Samples

using Statistics: mean
export spread, Point

#= A comment
   over two lines. =#
abstract type Shape end

struct Point <: Shape
    x::Float64
    y::Float64
end

mutable struct Counter
    count::Int
end

const LIMIT = 1_000
names = ["a", "b\n"]

function spread(values::Vector{Float64}; weight=0.5)
    total = 0.0
    for (i, value) in enumerate(values)
        if value > 1e3 || i >= LIMIT
            continue
        end
        total += weight * value^2
    end
    return total / length(values)
end

area(p::Point) = p.x * p.y
letter = 'c'
label = "sum: $(spread([1.0, 2.0])) and $letter"
pattern = r"^\d+$"
kind = :symbol
@time begin
    x = [i^2 for i in 1:10 if isodd(i)]
    push!(x, 3)
end

while true
    try
        error("no")
    catch e
        break
    end
end

end
