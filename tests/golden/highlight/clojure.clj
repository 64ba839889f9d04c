; Words and how often they come.
(ns shop.words
  (:require [clojure.string :as str]))

(def limit 10)
(def ratio 2/3)

(defn words
  "All words of a text."
  [text]
  (->> (str/split text #"\s+")
       (map str/lower-case)
       (filter #(> (count %) 2))))

(defn frequencies-of [text]
  (let [all (words text)
        total (count all)]
    (if (zero? total)
      {}
      (reduce (fn [m w] (assoc m w (inc (get m w 0)))) {} all))))

(defmacro unless [test body]
  `(if (not ~test) ~body nil))

(loop [i 0]
  (when (< i limit)
    (println "i:" i \newline \a)
    (recur (inc i))))

(try
  (throw (Exception. "no\n"))
  (catch Exception e
    (println (.getMessage e) 1.5e3 -7)))
