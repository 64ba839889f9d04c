% Smooths a signal.
function [y, n] = smooth(x, width)
    if nargin < 2
        width = 5;
    end
    %{
    a block
    %}
    n = length(x);
    y = zeros(1, n);
    for k = 1:n
        first = max(1, k - width);
        y(k) = mean(x(first:k));   % running mean
    end
    A = [1 2; 3 4]';
    b = A' * x(:);
    label = 'it''s done';
    text = "a ""word""";
    fprintf('%d of %5.2f\n', n, 1.5e-3);
    while n > 0
        n = n - 1;
        switch label
            case 'a'
                break
            otherwise
                continue
        end
    end
    try
        error('no');
    catch err
        disp(err.message);
    end
end
