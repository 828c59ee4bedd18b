"""Mon territoire: any set of communes, made, named, saved and used on every screen."""
