{- One {- two -} -}
module Main where

import qualified Data.Map as M

-- | Adds
add :: Int -> Int -> Int
add x y = case x of
  0 -> y
  _ -> let z = 'c' in length "a\"b" + 42
