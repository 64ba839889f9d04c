-- People
CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    name VARCHAR(40) NOT NULL
);
/* all
   of them */
SELECT p.name, COUNT(*) FROM people AS p
LEFT JOIN pets ON pets.owner = p.id
WHERE p.name LIKE 'O''%' AND p.id > 10
ORDER BY p.name DESC LIMIT 5;
