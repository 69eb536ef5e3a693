Console.WriteLine("passatk");
