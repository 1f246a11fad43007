// Greets whoever WHO names.
console.log(`Hello, ${process.env.WHO || 'you'}!`);
