// Tells the time once.
console.log(new Date().toISOString());
