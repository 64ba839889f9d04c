# Counts what comes.
defmodule Shop.Counter do
  @moduledoc """
  Keeps a number.
  """
  use GenServer
  alias Shop.Order
  require Logger

  @limit 1_000
  defstruct name: "none", count: 0

  def start(opts \\ []) do
    GenServer.start_link(__MODULE__, opts, name: :counter)
  end

  def handle_call({:add, n}, _from, state) when n > 0 do
    count = state.count + n
    {:reply, {:ok, count}, %{state | count: count}}
  end

  defp describe(%{name: name}) do
    case name do
      nil -> "nobody"
      "a\n" <> rest -> "it is #{String.upcase(rest)}!"
      _ -> to_string(name)
    end
  end

  def sum(list) do
    list
    |> Enum.map(fn x -> x * 2.5 end)
    |> Enum.filter(&(&1 > 0x1F))
    |> Enum.sum()
  end

  def words, do: ~w(one two three)
  def empty?(list), do: list == [] and not is_nil(list)

  def safe(x) do
    if x == true do
      raise "no"
    else
      for i <- 1..10, into: [], do: i
    end
  end
end
