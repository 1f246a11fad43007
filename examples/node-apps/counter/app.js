// Counts to ten.
for (let n = 1; n <= 10; n++) console.log(n);
